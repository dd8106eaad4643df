// Reads an XLSX file with exceljs and prints its sheets as JSON, each as rows of cells: node read_workbook.js FILE

const ExcelJS = require('exceljs')

function readCell(cell) {
  const value = cell.value
  if (value instanceof Date) {
    return value.toISOString().slice(0, 10)
  }
  return value !== null && typeof value === 'object' ? cell.text : value
}

async function main(file) {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(file)
  const sheets = {}
  for (const sheet of workbook.worksheets) {
    sheets[sheet.name] = []
    sheet.eachRow((row) => {
      const cells = []
      row.eachCell({includeEmpty: true}, (cell) => cells.push(readCell(cell)))
      sheets[sheet.name].push(cells)
    })
  }
  console.log(JSON.stringify(sheets))
}

main(process.argv[2])
