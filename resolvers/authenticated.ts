import { Directive, UseMiddleware } from 'type-graphql';
import type { MiddlewareFn } from 'type-graphql';
import type { OperationContext } from './operation-context';

const onlyAuthenticated: MiddlewareFn<OperationContext> = ({ context }, next) => {
  context.user();
  return next();
};

/** `@authenticated` in the schema, and kept here: a gateway need not enforce it. */
export function Authenticated(): MethodDecorator {
  return (target, key, descriptor) => {
    (Directive('@authenticated') as MethodDecorator)(target, key, descriptor);
    (UseMiddleware(onlyAuthenticated) as MethodDecorator)(target, key, descriptor);
  };
}
