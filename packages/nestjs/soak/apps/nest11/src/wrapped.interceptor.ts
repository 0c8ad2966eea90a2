import { CallHandler, ExecutionContext, Injectable, NestInterceptor } from '@nestjs/common'

/** Says in a header whether the handler that Nest calls is the one that the class declares. */
@Injectable()
export class WrappedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    if (context.getType() !== 'http') return next.handle()
    const handler = context.getHandler()
    const { prototype } = context.getClass<object>()
    const isDeclared = Object.getOwnPropertyNames(prototype).some(
      (name) => Object.getOwnPropertyDescriptor(prototype, name)?.value === handler,
    )
    context
      .switchToHttp()
      .getResponse()
      .setHeader('X-Handler', isDeclared ? 'declared' : 'wrapped')
    return next.handle()
  }
}
