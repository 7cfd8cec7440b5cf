"""Sheets (表格): bringing whole lists in from CSV and Excel, row by row, and saying of each row what is wrong with it.

``reading`` reads files, ``cells`` what stands in a cell, ``problems`` tells what is wrong and what to do, ``items`` and
``responsibilities`` make commands of rows, ``bringing_in`` carries them out, ``template`` writes empty forms."""
