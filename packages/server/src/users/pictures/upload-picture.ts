import type { Readable } from 'node:stream';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import { randomAlphanumeric } from '../../platform/ids.ts';
import type { UpdateUserContext } from '../compose-update.ts';
import type { UserDependencies } from '../dependencies.ts';
import { PictureTooLargeError, UnknownPictureError, UserNotFoundError } from '../errors.ts';
import type { PresentedUser } from '../present-user.ts';
import { updateUser } from '../update-user.ts';
import type { User } from '../user.ts';
import { deleteFormerPictures, deletePicture, insertPicture } from './store.ts';

/** Bytes. */
const largestPicture = 512 * 1024;

/**
 * Keeps a picture and makes it the user's. Its address is made of random characters: whoever has it may see it.
 * @throws PictureTooLargeError, UnknownPictureError, and what `updateUser` throws: then the old picture stays
 */
export async function uploadPicture(
  dependencies: UserDependencies,
  userId: string,
  stream: Readable,
  context: UpdateUserContext,
): Promise<{ user: User; presented: PresentedUser }> {
  const { database, presentation } = dependencies;
  const bytes = await readAll(stream);
  const mediaType = recognizePicture(bytes);
  if (mediaType === undefined) throw new UnknownPictureError();
  const pictureId = randomAlphanumeric(22);
  try {
    await insertPicture(database, { pictureId, userId, mediaType, bytes });
  } catch (error) {
    if (violatedConstraint(error) === 'user_pictures_user_id_fkey') throw new UserNotFoundError();
    throw error;
  }
  try {
    const picture = `${presentation.publicUrl}/avatars/${pictureId}`;
    const updated = await updateUser(dependencies, userId, { picture }, context);
    await deleteFormerPictures(database, userId);
    return updated;
  } catch (error) {
    await deletePicture(database, pictureId);
    throw error;
  }
}

async function readAll(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > largestPicture) throw new PictureTooLargeError(largestPicture);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** By the bytes that the format begins with (WHATWG MIME Sniffing §6.1); SVG, which can run scripts, is none of them. */
function recognizePicture(bytes: Buffer): string | undefined {
  const begins = bytes.subarray(0, 12).toString('latin1');
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(begins)) return 'image/gif';
  return begins.startsWith('RIFF') && begins.endsWith('WEBP') ? 'image/webp' : undefined;
}
