namespace DynamicToolset.Service.Probing;

/// <summary>
/// How often the failures of one namespace have everybody asked: at once, then 2, 4, 8 … seconds later, at last once in an interval. Without it a tenant
/// whose Services fail and recover in turn would have all backends of the cluster checked as often as it likes.
/// </summary>
/// <param name="interval">Between two checks of a steady endpoint. A namespace that was quiet for so long begins anew.</param>
internal sealed class RecheckBudget(TimeSpan interval)
{
    private const int MostNamespaces = 1024;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (TimeSpan At, TimeSpan Pause)> _last = [];

    /// <param name="now">Monotonic.</param>
    public bool TryTake(string ns, TimeSpan now)
    {
        TimeSpan pause = First;
        if (_last.TryGetValue(ns, out (TimeSpan At, TimeSpan Pause) last))
        {
            TimeSpan passed = now - last.At;
            if (passed < last.Pause)
                return false;
            if (passed < last.Pause + interval)
                pause = last.Pause * 2;
        }
        else if (_last.Count >= MostNamespaces)
        {
            _last.Clear();
        }

        _last[ns] = (now, pause < interval ? pause : interval);
        return true;
    }
}
