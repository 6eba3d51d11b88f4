import { defineCommand } from '../command.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'show which engines and devices work on this machine, and how to install the others',
  options: {},
  examples: [['apollo doctor', 'tries each device and names the command that would make it work']],
  createAction() {
    return async (services) => {
      const [doctor, { describeDiagnosis }] = await Promise.all([
        services('doctor'),
        import('../../doctor/describe.js'),
      ]);
      const diagnosis = await doctor();
      return { lines: describeDiagnosis(diagnosis), json: diagnosis };
    };
  },
});
