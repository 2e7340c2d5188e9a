namespace DynamicToolset.Sandbox.Storage;

/// <param name="FieldManager">Who writes, for field ownership.</param>
/// <param name="DryRun">Check and answer, but keep nothing.</param>
/// <param name="FieldValidation">What becomes of fields that the API does not know.</param>
internal sealed record WriteOptions(string FieldManager, bool DryRun = false, FieldValidation FieldValidation = FieldValidation.Ignore)
{
    /// <summary>Receives a sentence for each unknown field where they are only warned of.</summary>
    public List<string> Warnings { get; } = [];
}
