namespace DynamicToolset.Sandbox.Storage;

/// <param name="FieldManager">Who writes, for field ownership.</param>
/// <param name="DryRun">Check and answer, but keep nothing.</param>
/// <param name="FieldValidation">What becomes of fields that the API does not know.</param>
internal sealed record WriteOptions(string FieldManager, bool DryRun = false, FieldValidation FieldValidation = FieldValidation.Ignore)
{
    /// <summary>Receives a sentence for each unknown field where they are only warned of.</summary>
    public List<string> Warnings { get; } = [];
}

/// <summary>
/// The values of the query parameter of that name, see https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level.
/// </summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>What an object must be for a deletion to happen; null for anything.</summary>
internal sealed record DeletePreconditions(string? Uid = null, string? ResourceVersion = null)
{
    public static DeletePreconditions None { get; } = new();
}
