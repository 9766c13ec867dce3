import { readFileSync } from 'node:fs';
import { AgentConfig } from '@aetherius/collect-agent-config';
