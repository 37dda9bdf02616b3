/** What a service of CommonJS does. */
import studymate = require('studymate-db');

console.log(typeof studymate.migrateUp, typeof studymate.createDatabase);
