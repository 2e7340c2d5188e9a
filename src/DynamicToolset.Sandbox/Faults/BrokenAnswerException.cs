namespace DynamicToolset.Sandbox.Faults;

/// <summary>A planned fault has ended the answer: nothing more is to be sent.</summary>
internal sealed class BrokenAnswerException : Exception;
