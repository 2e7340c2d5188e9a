namespace DynamicToolset.Service.Input;

/// <summary>An input cannot be used; each line of the message says which, where and why.</summary>
internal sealed class InputException(string message) : Exception(message);
