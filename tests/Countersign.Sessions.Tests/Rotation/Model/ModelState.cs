using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Countersign.Sessions.Tests.Rotation.Model;

// A state of the model is some 130 bytes without padding or references: it is copied, compared and kept as bytes.
// Unused places are zero, so that equal states have equal bytes.

/// <summary>What rotation needs of a session's row.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal record struct ModelRow(byte Generation, byte Parent, byte Age);

/// <summary>The generation, parent and age of a token that was issued after the state that will come back; generation 0: none.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal record struct ModelIssue(byte Generation, byte Parent, byte Age);

internal enum TabPhase : byte
{
    Idle,
    Waiting,
    Retrying,
}

/// <summary>One tab. While it retries: the token it repeats (0: what its store holds), since when, and until when at most.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal record struct ModelTab(TabPhase Phase, byte Token, byte Age, byte Bound);

internal enum MessagePhase : byte
{
    None,
    Request,
    Answer,
    Unavailable,
}

/// <summary>What travels to or from a tab: at most one message each.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal record struct ModelMessage(MessagePhase Phase, byte Token, byte Age, byte Generation);

/// <summary>A request that a node holds: how long it has waited since its arrival, and the generation decided for it (0: none yet).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal record struct ModelRequest(byte Tab, byte Token, byte Waited, byte Generation);

internal enum CommitPhase : byte
{
    None,

    /// <summary>The commit takes time: the row's lock is held, and nothing of it is visible.</summary>
    Hanging,

    /// <summary>The commit is visible, and its node was not told.</summary>
    Untold,
}

/// <summary>A node: its writer's queue in order of arrival, and the batch whose commit is under way.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct ModelNode
{
    public ModelRequests Queue;
    public ModelRequests Batch;
    public CommitPhase Commit;
    public byte Elapsed;

    /// <summary>The generation that the batch wrote; 0: it wrote nothing.</summary>
    public byte Wrote;

    /// <summary>The row as it will be once a hanging commit is visible.</summary>
    public ModelRow Pending;

    public readonly bool IsBusy => Commit != CommitPhase.None;

    public void Finish()
    {
        Batch = default;
        Commit = CommitPhase.None;
        Elapsed = 0;
        Wrote = 0;
        Pending = default;
    }
}

/// <summary>Up to three requests: each tab has one under way at most.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct ModelRequests
{
    public byte Count;
    private Three _items;

    public readonly ModelRequest this[int index] => _items[index];

    public void Add(ModelRequest request) => _items[Count++] = request;

    public void Set(int index, ModelRequest request) => _items[index] = request;

    /// <summary>The requests from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public readonly ModelRequests Slice(int start, int end)
    {
        var slice = default(ModelRequests);
        for (var i = start; i < end; i++)
        {
            slice.Add(_items[i]);
        }

        return slice;
    }

    [InlineArray(3)]
    private struct Three
    {
        private ModelRequest _first;
    }
}

[InlineArray(2)]
internal struct TwoBytes
{
    private byte _first;
}

[InlineArray(3)]
internal struct ThreeTabs
{
    private ModelTab _first;
}

[InlineArray(3)]
internal struct ThreeMessages
{
    private ModelMessage _first;
}

[InlineArray(2)]
internal struct TwoNodes
{
    private ModelNode _first;
}

[InlineArray(8)]
internal struct EightIssues
{
    private ModelIssue _first;
}

/// <summary>Everything at one moment: the row, what clients hold, what travels, what the two nodes are doing, and which faults are left.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct ModelState
{
    public ModelRow Row;

    /// <summary>The state that the database will go back to; generation 0: none was marked.</summary>
    public ModelRow Snapshot;

    public EightIssues Issues;
    public byte IssueCount;
    public TwoBytes Stores;
    public ThreeTabs Tabs;
    public ThreeMessages Messages;
    public TwoNodes Nodes;
    public byte Starts;
    public byte Losses;
    public byte Outages;
    public byte Stalls;
    public byte HasGoneBack;
    public byte Faults;

    /// <summary>The two nodes are alike: their order is the one of their bytes.</summary>
    public void Normalize()
    {
        if (AsBytes(ref Nodes[0]).SequenceCompareTo(AsBytes(ref Nodes[1])) > 0)
        {
            (Nodes[0], Nodes[1]) = (Nodes[1], Nodes[0]);
        }
    }

    public static Span<byte> AsBytes<T>(ref T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value));
}
