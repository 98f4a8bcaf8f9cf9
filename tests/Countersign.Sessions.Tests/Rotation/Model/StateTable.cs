using System.Runtime.InteropServices;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>
/// The states found so far, each once, in the order of their discovery and with the state they were found from: table, queue and trace of the search.
/// </summary>
internal sealed class StateTable
{
    private readonly List<ModelState> _states = [];
    private readonly List<int> _parents = [];
    private int[] _buckets = new int[1 << 12];

    public int Count => _states.Count;

    public ref readonly ModelState this[int index] => ref CollectionsMarshal.AsSpan(_states)[index];

    /// <summary>The state from which the state at <paramref name="index"/> was found; −1 for the first.</summary>
    public int ParentOf(int index) => _parents[index];

    /// <summary>Adds a state unless it is there.</summary>
    public void Add(ref ModelState state, int parent)
    {
        if (_states.Count * 2 > _buckets.Length)
        {
            Grow();
        }

        var slot = FindSlot(ref state);
        if (_buckets[slot] == 0)
        {
            _states.Add(state);
            _parents.Add(parent);
            _buckets[slot] = _states.Count;
        }
    }

    private int FindSlot(ref ModelState state)
    {
        var bytes = ModelState.AsBytes(ref state);
        var hash = new HashCode();
        hash.AddBytes(bytes);
        var states = CollectionsMarshal.AsSpan(_states);
        for (var slot = hash.ToHashCode() & (_buckets.Length - 1); ; slot = (slot + 1) & (_buckets.Length - 1))
        {
            if (_buckets[slot] == 0 || bytes.SequenceEqual(ModelState.AsBytes(ref states[_buckets[slot] - 1])))
            {
                return slot;
            }
        }
    }

    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        var states = CollectionsMarshal.AsSpan(_states);
        for (var i = 0; i < states.Length; i++)
        {
            _buckets[FindSlot(ref states[i])] = i + 1;
        }
    }
}
