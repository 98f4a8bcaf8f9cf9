using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.AspNetCore.Identity;
using Countersign.Sessions.Stores;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.SignIn;

/// <summary>The guesses at passwords that every node counts together.</summary>
public sealed class SignInAttempts
{
    private readonly ISignInAttemptStore _store;
    private readonly GuessPolicy _policy;

    internal SignInAttempts(ISignInAttemptStore store, IOptions<GuessingOptions> options)
    {
        _store = store;
        _policy = new GuessPolicy(options.Value.FreeAttempts, options.Value.FirstBlock, options.Value.LongestBlock);
    }

    /// <summary>Forgets an account's wrong passwords, so that a block ends at once: for an administrator who unlocks it.</summary>
    /// <param name="userId">The account's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Identity's own lockout is another thing, which <c>UserManager</c> sets and ends.</remarks>
    public Task ForgetAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return _store.ResetAsync(KeyOfAccount(userId), cancellationToken);
    }

    /// <summary>One counter an account, whatever name it was called by.</summary>
    internal static string KeyOfAccount(string userId) => "account:" + userId;

    /// <summary>
    /// One counter a name that no account has, however it is spelled. Only a digest is kept: people type passwords into the wrong field, and names are anybody's length.
    /// </summary>
    internal static string KeyOfName(string name)
    {
        var spelled = AccountText.CanBeLookedUp(name) ? name.Normalize(NormalizationForm.FormKC).ToUpperInvariant() : name;
        return "name:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(spelled)).AsSpan(0, 16));
    }

    internal Task<TimeSpan?> TryReserveAsync(string key, DateTimeOffset now, CancellationToken cancellationToken) =>
        _store.TryReserveAsync(key, _policy, now, cancellationToken);

    internal Task ResetAsync(string key, CancellationToken cancellationToken) => _store.ResetAsync(key, cancellationToken);
}
