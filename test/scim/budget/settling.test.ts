import { expect, test } from 'vitest';
import { aCall, memoryBudgets } from '../memory-ports.ts';
import { answering, startOddServer } from '../odd-server.ts';
import { setUp } from '../set-up.ts';

test('a target that is closed has given back every ticket, so that the next process is not held up', async () => {
  const server = await startOddServer();
  server.answer = answering(200, { id: '1', userName: 'ana' });
  const budgets = memoryBudgets();
  const order: string[] = [];
  budgets.settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('arrived');
  };
  const { target } = setUp(server.origin, { budgets });
  await target.find({ by: 'id', value: '1' }, aCall());
  order.push('answered');
  await target.close();
  order.push('closed');
  expect(order).toEqual(['answered', 'arrived', 'closed']);
  await server.stop();
});

test('a store that is away does not keep a target from closing', async () => {
  const server = await startOddServer();
  server.answer = answering(200, { id: '1', userName: 'ana' });
  const budgets = memoryBudgets();
  budgets.settle = () => Promise.reject(new Error('away'));
  const { target } = setUp(server.origin, { budgets });
  await target.find({ by: 'id', value: '1' }, aCall());
  await expect(target.close()).resolves.toBeUndefined();
  await server.stop();
});
