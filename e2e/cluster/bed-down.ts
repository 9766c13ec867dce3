import { BED_FOLDER, stopBed } from './bed.ts';

await stopBed(BED_FOLDER, { wipe: !process.argv.includes('--keep') });
console.log('down');
