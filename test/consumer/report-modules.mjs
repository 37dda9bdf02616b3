/** With --import: prints the URL of every module, whether ESM or CommonJS, that the process had loaded when it ends. */
import { createRequire, register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
register('./report-modules-hook.mjs', import.meta.url, { data: { port: port2 }, transferList: [port2] });

process.on('exit', () => {
  for (let entry = receiveMessageOnPort(port1); entry !== undefined; entry = receiveMessageOnPort(port1)) {
    console.log(entry.message);
  }
  for (const path of Object.keys(createRequire(import.meta.url).cache)) console.log(path);
});
port1.unref();
