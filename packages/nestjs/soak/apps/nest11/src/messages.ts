import { Controller, ExecutionContext } from '@nestjs/common'
import { MessagePattern } from '@nestjs/microservices'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { CurrentMembership, RequestFrom, RequireOrganizationRole } from '@org-memberships/nestjs'

interface Message {
  token?: string
}

/** Where messages have their token. */
export const requestFrom: RequestFrom = (context: ExecutionContext) => {
  const { token } =
    context.getType() === 'ws'
      ? context.switchToWs().getData<Message>()
      : context.switchToRpc().getData<Message>()
  return { headers: { authorization: `Bearer ${token}` } }
}

@Controller()
export class RoleController {
  @MessagePattern('role')
  @RequireOrganizationRole('org:admin')
  role(@CurrentMembership('role') role: string) {
    return role
  }
}

@WebSocketGateway()
export class RoleGateway {
  @SubscribeMessage('role')
  @RequireOrganizationRole('org:admin')
  role(@CurrentMembership('role') role: string) {
    return { event: 'role', data: role }
  }
}
