/** Whether the user has asked to stop (Ctrl-C, SIGTERM). Long work asks between steps and stops cleanly. */
export interface Interruption {
  readonly requested: boolean;
}
