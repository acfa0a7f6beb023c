import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export interface StoredPicture {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A user that is not there fails on `user_pictures_user_id_fkey`. */
export async function insertPicture(
  database: Database,
  picture: StoredPicture & { readonly pictureId: string; readonly userId: string },
): Promise<void> {
  await sql`
    INSERT INTO user_pictures (picture_id, user_id, media_type, bytes)
    VALUES (${picture.pictureId}, ${picture.userId}, ${picture.mediaType}, ${picture.bytes})`.execute(
    database,
  );
}

export async function findPicture(database: Database, pictureId: string): Promise<StoredPicture | undefined> {
  const { rows } = await sql<StoredPicture>`
    SELECT media_type AS "mediaType", bytes FROM user_pictures WHERE picture_id = ${pictureId}`.execute(
    database,
  );
  return rows[0];
}

export async function deletePicture(database: Database, pictureId: string): Promise<void> {
  await sql`DELETE FROM user_pictures WHERE picture_id = ${pictureId}`.execute(database);
}

/** Removes a user's pictures that are not theirs any more; new ones are left for a minute, for they may yet become it. */
export async function deleteFormerPictures(database: Database, userId: string): Promise<void> {
  await sql`
    DELETE FROM user_pictures USING users
    WHERE users.user_id = user_pictures.user_id AND users.user_id = ${userId}
      AND user_pictures.created_at < now() - interval '1 minute'
      AND coalesce(users.picture, '') NOT LIKE '%/' || picture_id`.execute(database);
}
