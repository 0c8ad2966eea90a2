import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { AdapterResponse } from './json-response.js'
import { respondWithError } from './error-response.js'

/** The filter of the mounted controllers: whatever is thrown on their routes is answered in the API's envelope. */
@Catch()
export class MountedExceptionFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    respondWithError(exception, host.switchToHttp().getResponse<AdapterResponse>())
  }
}
