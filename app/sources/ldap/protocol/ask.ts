/** Sends a request that has one answer, and waits for it: the log-in, extended operations. */
import type { Channel } from './channel.ts';
import { type Answer, readAnswer } from './messages.ts';

/**
 * @param request made with the id that it shall have
 * @throws ConnectionLost where the connection ends before the answer, BadEncoding where the answer is none
 */
export function ask(channel: Channel, request: (messageId: number) => { write(): Buffer }): Promise<Answer> {
  const id = channel.nextId();
  return new Promise((resolve, reject) => {
    channel.listen(id, {
      message(frame) {
        channel.forget(id);
        try {
          resolve(readAnswer(frame));
        } catch (error) {
          reject(error);
        }
      },
      lost: reject,
    });
    channel.send(request(id).write());
  });
}
