import { ManagementCallError } from '@muster/contract';
import type { Workplace } from './management.ts';
import { readMessage } from './read-message.ts';

/** Pixels of a side: twice what the largest place shows. */
const side = 512;

/**
 * Cuts the middle square out of a picture of any size and format that the browser reads, and makes it the user's.
 * @throws ManagementCallError when it is refused, and what the browser throws for a file that it cannot read
 */
export async function uploadPicture({ session }: Workplace, userId: string, file: Blob): Promise<void> {
  const answer = await fetch(`/api/v2/users/${encodeURIComponent(userId)}/picture`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await session.getToken()}`,
      'content-type': 'application/octet-stream',
    },
    body: await cutSquare(file),
  });
  if (!answer.ok) throw new ManagementCallError(answer.status, await readMessage(answer), undefined);
}

async function cutSquare(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file);
  const shortest = Math.min(image.width, image.height);
  const canvas = new OffscreenCanvas(side, side);
  canvas
    .getContext('2d')
    ?.drawImage(
      image,
      (image.width - shortest) / 2,
      (image.height - shortest) / 2,
      shortest,
      shortest,
      0,
      0,
      side,
      side,
    );
  image.close();
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
}
