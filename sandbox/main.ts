import { runProgram } from './process/program';
import { startSandbox } from './sandbox';
import { sandboxSettings } from './settings';

void runProgram('sandbox', 'SANDBOX_PORT', () => startSandbox(sandboxSettings(process.env)));
