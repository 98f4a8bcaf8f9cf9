using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>However an item ends, the password does not stay in memory.</summary>
public sealed class WorkItemTests
{
    private readonly PasswordBytes _password = PasswordBytes.Of("e\u0301t\u00e9");

    [Fact]
    public void Compute_Done_PasswordIsZeroed() => AssertZeroes(item => item.Compute());

    [Fact]
    public void Compute_WorkThrows_PasswordIsZeroed() => AssertZeroes(item => item.Compute(), _ => throw new InvalidOperationException("Broken."));

    [Fact]
    public void Refuse_Waiting_PasswordIsZeroed() => AssertZeroes(item => item.Refuse(new InvalidOperationException("No place.")));

    [Fact]
    public void Cancel_Waiting_PasswordIsZeroed() => AssertZeroes(item => item.Cancel(new CancellationToken(canceled: true)));

    private void AssertZeroes(Action<WorkItem> end, Func<PasswordBytes, int>? work = null)
    {
        Assert.Equal(2, _password.Forms);
        Assert.NotEqual(-1, _password.Form(0).IndexOfAnyExcept((byte)0));

        end(new WorkItem<int>(work ?? (static _ => 1), _password, rounds: 1, default));

        Assert.Equal(-1, _password.Form(0).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, _password.Form(1).IndexOfAnyExcept((byte)0));
    }
}
