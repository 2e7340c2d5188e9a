namespace DynamicToolset.Journal;

/// <summary>What of the inputs is shown. The same secret has the same placeholder wherever it stands, within one start of a journal.</summary>
internal sealed class Shown
{
    public Shown()
    {
        var placeholders = new Placeholders();
        (Texts, Values, Metadata) = (new ShownTexts(placeholders), new ShownValues(placeholders), new ShownMetadata(placeholders));
    }

    public ShownTexts Texts { get; }

    public ShownValues Values { get; }

    public ShownMetadata Metadata { get; }
}
