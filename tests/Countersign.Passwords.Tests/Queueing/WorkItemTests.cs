using System.Runtime.CompilerServices;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Queueing;

namespace Countersign.Passwords.Tests.Queueing;

/// <summary>However an item ends, the password does not stay in memory.</summary>
public sealed class WorkItemTests
{
    private readonly PasswordBytes _password = PasswordBytes.Of("e\u0301t\u00e9");
    private bool _isBegun;

    [Fact]
    public void MoveNext_AtTheEnd_PasswordAndRequestAreZeroed() => AssertZeroes(item =>
    {
        Assert.True(item.MoveNext());
        Assert.False(item.MoveNext());
    });

    [Fact]
    public void MoveNext_WorkThrows_PasswordAndRequestAreZeroed() => AssertZeroes(
        item =>
        {
            Assert.True(item.MoveNext());
            Assert.False(item.MoveNext());
        },
        static () => throw new InvalidOperationException("Broken."));

    [Fact]
    public void Refuse_Running_PasswordAndRequestAreZeroed() => AssertZeroes(item =>
    {
        Assert.True(item.MoveNext());
        item.Refuse(new InvalidOperationException("Broken."));
    });

    [Fact]
    public void Cancel_Running_PasswordAndRequestAreZeroed() => AssertZeroes(item =>
    {
        Assert.True(item.MoveNext());
        item.RequestCancellation(new CancellationToken(canceled: true));
        Assert.True(item.IsCancelled);
        item.Cancel();
    });

    [Fact]
    public void Refuse_Waiting_PasswordIsZeroed() => AssertZeroes(item => item.Refuse(new InvalidOperationException("No place.")));

    [Fact]
    public void Cancel_Waiting_PasswordIsZeroed() => AssertZeroes(item => item.Cancel(new CancellationToken(canceled: true)));

    private void AssertZeroes(Action<WorkItem> end, Action? second = null)
    {
        Assert.Equal(2, _password.Forms);
        Assert.NotEqual(-1, _password.Form(0).IndexOfAnyExcept((byte)0));
        using var request = new BcryptRequest("password"u8, new byte[Bcrypt.SaltBytes], 16, HashPurpose.New);

        end(new WorkItem<int>((_, answer) => Steps(answer, request, second), _password, rounds: 1, default));

        Assert.Equal(-1, _password.Form(0).IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, _password.Form(1).IndexOfAnyExcept((byte)0));
        Assert.Equal(_isBegun, request.Password.IndexOfAnyExcept((byte)0) < 0);
    }

    private IEnumerator<BcryptRequest?> Steps(StrongBox<int> answer, BcryptRequest request, Action? second)
    {
        using (request)
        {
            _isBegun = true;
            yield return request;
            second?.Invoke();
            answer.Value = 1;
        }
    }
}
