using DynamicToolset.Docs;

// Writes the pages of docs/ that are made from code into the directory that is named.
foreach ((string name, string text) in Pages.All)
    File.WriteAllText(Path.Combine(args[0], name), text);
