/** Ends of the events on topics that an extension follows. offered = told + dropped, at every moment. */
export interface RaisedCount {
  extension: string;
  offered: number;
  /** Written to the extension. Nobody answers a raised event, so that nobody knows if its handler got it. */
  told: number;
  /** Not written: the extension had left too much unread. */
  dropped: number;
}
