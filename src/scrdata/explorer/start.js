startFigures();
startSearch();
startTables();
startTimeline();
startCases();
