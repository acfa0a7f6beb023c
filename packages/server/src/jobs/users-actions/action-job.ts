import { UserAction } from '@muster/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

export type UserActionName = Static<typeof UserAction>;

/** What an action was asked for, as its job keeps it; users named by id are in `job_users` from the start. */
const ActionParameters = Type.Object({
  action: UserAction,
  q: Type.Optional(Type.String()),
  changedBy: Type.Optional(Type.String()),
  isRecoverable: Type.Boolean(),
  /** Absent from jobs of versions that had none. */
  isDryRun: Type.Optional(Type.Boolean()),
  roleIds: Type.Optional(Type.Array(Type.String())),
  /** Of the caller's token: what they may do now is never more. */
  scopes: Type.Array(Type.String()),
});
export type ActionParameters = Static<typeof ActionParameters>;

/** First all users are noted, then the action is done to each, in the order of their numbers. */
const ActionCheckpoint = Type.Object({
  noted: Type.Integer(),
  isNoted: Type.Boolean(),
  /** Last user that the search found. */
  after: Type.Optional(Type.Object({ key: Type.Union([Type.String(), Type.Null()]), id: Type.Integer() })),
  /** Users that have their fate. */
  acted: Type.Integer(),
});
export type ActionCheckpoint = Static<typeof ActionCheckpoint>;

/** @throws when the job was written by something else */
export function parseActionParameters(value: unknown): ActionParameters {
  return Value.Parse(ActionParameters, value);
}

/** @throws when the job was written by something else */
export function parseActionCheckpoint(value: unknown): ActionCheckpoint {
  return Value.Parse(ActionCheckpoint, value);
}

/** How many users have their fate; 0 before the first. */
export function readActedUsers(checkpoint: unknown): number {
  return Value.Check(ActionCheckpoint, checkpoint) ? checkpoint.acted : 0;
}

/** The scope that the call for one user needs, and so the action on many, and its end. */
export function scopeOfAction(action: UserActionName): string {
  return action === 'delete' || action === 'restore' ? 'delete:users' : 'update:users';
}
