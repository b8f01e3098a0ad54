import { runProgram } from '../process/program';
import { startGateway } from './gateway';
import { gatewaySettings } from './gateway-settings';

void runProgram('gateway', 'GATEWAY_PORT', () => startGateway(gatewaySettings(process.env)));
