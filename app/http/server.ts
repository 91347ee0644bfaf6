/** The web server: the routes, and what stands before and behind each. It listens nowhere; `app/main.ts` does that. */
import express, { type Express } from 'express';
import helmet from 'helmet';
import { createAuthenticate, refuseTokenInAddress } from './auth.ts';
import { stopReadingAfterAnswer } from './body.ts';
import type { WebDeps } from './deps.ts';
import { mount } from './mount.ts';
import { openApiRoute } from './openapi.ts';
import { answerProblem, notFound } from './problem.ts';
import { requestLog } from './request-log.ts';
import type { Route } from './route.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { driftRoutes } from './routes/drift.ts';
import { eventRoutes } from './routes/events.ts';
import { explainRoutes } from './routes/explain.ts';
import { groupRoutes } from './routes/groups.ts';
import { healthRoutes } from './routes/health.ts';
import { holdRoutes } from './routes/holds.ts';
import { peopleRoutes } from './routes/people.ts';
import { relinkRoutes } from './routes/relink.ts';
import { reprovisionRoutes } from './routes/reprovision.ts';
import { runRoutes } from './routes/runs.ts';
import { targetGroupRoutes } from './routes/target-groups.ts';
import { targetRoutes } from './routes/targets.ts';

export function createServer(deps: WebDeps): Express {
  const app = express();
  app.disable('etag');
  app.use(helmet());
  app.use(requestLog(deps.logger, deps.newId));
  app.use(stopReadingAfterAnswer);
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(refuseTokenInAddress);
  mount(app, createRoutes(deps), createAuthenticate(deps.verifyToken), deps);
  app.use(() => {
    throw notFound('There is nothing at this address. GET /openapi.json lists what there is.');
  });
  app.use(answerProblem(deps.logger, deps.now));
  return app;
}

/** Every route there is. */
export function createRoutes(deps: WebDeps): readonly Route[] {
  const routes = [
    ...eventRoutes(deps),
    ...reprovisionRoutes(deps),
    ...runRoutes(deps),
    ...holdRoutes(deps),
    ...peopleRoutes(deps),
    ...explainRoutes(deps),
    ...relinkRoutes(deps),
    ...groupRoutes(deps),
    ...deadLetterRoutes(deps),
    ...targetRoutes(deps),
    ...targetGroupRoutes(deps),
    ...driftRoutes(deps),
    ...healthRoutes(deps),
  ];
  return [...routes, openApiRoute(routes, deps.version)];
}
