import type { Database } from '../../platform/database/database.ts';
import { findPicture, type StoredPicture } from './store.ts';

/** An uploaded picture, while it is or was lately somebody's. */
export function getPicture(database: Database, pictureId: string): Promise<StoredPicture | undefined> {
  return findPicture(database, pictureId);
}
