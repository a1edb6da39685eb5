/** The subscription whose events were dropped. */
export interface DroppedFrom {
  readonly extension: string;
  /** Name of the subscription. */
  readonly id: string;
  readonly kind: string;
}
