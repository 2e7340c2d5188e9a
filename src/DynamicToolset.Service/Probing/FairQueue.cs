using System.Diagnostics.CodeAnalysis;

namespace DynamicToolset.Service.Probing;

/// <summary>Namespaces take turns, however many of theirs wait; within one, who came first goes first.</summary>
internal sealed class FairQueue<T>(Func<T, string> namespaceOf)
    where T : class
{
    private readonly Dictionary<string, LinkedList<T>> _waiting = [];
    private readonly Queue<string> _turns = new();

    public int Count { get; private set; }

    public void Enqueue(T item)
    {
        string ns = namespaceOf(item);
        if (!_waiting.TryGetValue(ns, out LinkedList<T>? line))
        {
            _waiting[ns] = line = new LinkedList<T>();
            _turns.Enqueue(ns);
        }

        line.AddLast(item);
        Count++;
    }

    public bool TryDequeue([NotNullWhen(true)] out T? item)
    {
        while (_turns.TryDequeue(out string? ns))
        {
            if (_waiting[ns].First is not { } first)
            {
                _waiting.Remove(ns);
                continue;
            }

            _turns.Enqueue(ns);
            _waiting[ns].RemoveFirst();
            Count--;
            item = first.Value;
            return true;
        }

        item = null;
        return false;
    }

    public bool Remove(T item)
    {
        bool waited = _waiting.TryGetValue(namespaceOf(item), out LinkedList<T>? line) && line.Remove(item);
        Count -= waited ? 1 : 0;
        return waited;
    }
}
