namespace DynamicToolset.Service.Discoveries;

/// <summary>How long discoveries of one kind take, by the last few that ended well. One caller at a time.</summary>
/// <param name="atFirst">What is said before there was one.</param>
internal sealed class DiscoveryDurations(TimeSpan atFirst)
{
    private const int Most = 5;

    private readonly Queue<TimeSpan> _last = new();

    /// <summary>As long as the longest of them: who comes back by then should mostly find it done.</summary>
    public TimeSpan Estimate => _last.Count == 0 ? atFirst : _last.Max();

    public void Took(TimeSpan duration)
    {
        _last.Enqueue(duration);
        if (_last.Count > Most)
            _last.Dequeue();
    }
}
