namespace DynamicToolset.Reconciliation;

/// <summary>An object as far as it is known. "Not read yet", which is the default, is not "not there".</summary>
public readonly record struct Observed<T>(bool IsKnown, T? Value)
    where T : class;
