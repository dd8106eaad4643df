# Reads an XLSX file with readxl and prints its sheets as JSON, each as rows of cells: Rscript read_workbook.R FILE

library(readxl)

read_cell <- function(cell) if (inherits(cell, "POSIXct")) format(cell, "%Y-%m-%d", tz = "UTC") else cell

read_rows <- function(sheet) {
  cells <- read_excel(file, sheet, col_names = FALSE, col_types = "list", trim_ws = FALSE, .name_repair = "minimal")
  lapply(seq_len(nrow(cells)), function(row) lapply(unname(as.list(cells)), function(column) read_cell(column[[row]])))
}

file <- commandArgs(trailingOnly = TRUE)[1]
sheets <- excel_sheets(file)
cat(jsonlite::toJSON(setNames(lapply(sheets, read_rows), sheets), auto_unbox = TRUE, digits = NA, na = "null"))
