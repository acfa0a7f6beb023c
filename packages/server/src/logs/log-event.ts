/** An event of the log, before the database gives it an id and a date (spec extensions-and-protection §6.1). */
export interface LogEvent {
  /** A code of spec §6.3, such as `sapi` or `sdu`. */
  readonly type: string;
  readonly description?: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly clientId?: string;
  readonly clientName?: string;
  readonly connection?: string;
  readonly connectionId?: string;
  readonly strategy?: string;
  readonly strategyType?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly hostname?: string;
  readonly audience?: string;
  readonly scope?: string;
  /** Already masked: what is stored here is read by everybody with `read:logs`. */
  readonly details?: Readonly<Record<string, unknown>>;
}
