/** Sensitive but often changed on purpose: who may log in, what runs at login. */
export const isLoginFile = (path: string): boolean =>
  /\/\.ssh\/(?:authorized_keys|config|id_\w+)$/.test(path);
