using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// The app's own password hasher, as the scheme that the engine tries last: for stored hashes that no other scheme reads, and for hashes in Identity's form
/// that do not match.
/// </summary>
internal sealed class AppPasswordHasher<TUser>(IServiceScopeFactory scopes, ILogger<AppPasswordHasher<TUser>> logger)
    where TUser : class
{
    // If the hasher can't be made at the moment, the next use tries again.
    private readonly Lazy<Type?> _type = new(() => FindType(scopes), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The hasher's type. Null if the app has no hasher of its own: then every hash that the platform's hasher reads is read without it.</summary>
    public Type? Type => _type.Value;

    /// <summary>Makes the scheme for one account.</summary>
    /// <param name="user">The account that is passed to the hasher.</param>
    /// <param name="userId">The account's id, for the log.</param>
    /// <returns>Null if the app has no hasher of its own.</returns>
    public IPasswordHashFormat? For(TUser user, string userId) => Type is null ? null : new Scheme(this, user, userId);

    private static Type? FindType(IServiceScopeFactory scopes)
    {
        var type = WithHasher(scopes, static hasher => hasher.GetType());
        return type == typeof(EnginePasswordHasher<TUser>) || type == typeof(PasswordHasher<TUser>) ? null : type;
    }

    /// <summary>Calls the hasher in a separate scope, because the request's scope may end before the work does. The calling thread waits.</summary>
    private static TResult WithHasher<TResult>(IServiceScopeFactory scopes, Func<IPasswordHasher<TUser>, TResult> work)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            return work(scope.ServiceProvider.GetRequiredService<IPasswordHasher<TUser>>());
        }
        finally
        {
            scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Compares a password. If the hasher throws, the password counts as wrong: any other answer would distinguish this account from others.</summary>
    private bool Matches(TUser user, string userId, string storedHash, string password)
    {
        try
        {
            return WithHasher(scopes, hasher => hasher.VerifyHashedPassword(user, storedHash, password))
                is PasswordVerificationResult.Success or PasswordVerificationResult.SuccessRehashNeeded;
        }
        catch (Exception exception)
        {
            // The message is not logged, because it may hold the hash.
            IdentityLog.AppHasherFailed(logger, Type, userId, exception.GetType(), exception.StackTrace);
            return false;
        }
    }

    private sealed class Scheme(AppPasswordHasher<TUser> hasher, TUser user, string userId) : IPasswordHashFormat
    {
        public bool TryParse(string storedHash, [NotNullWhen(true)] out IStoredPasswordHash? hash)
        {
            hash = new Hash(hasher, user, userId, storedHash);
            return true;
        }
    }

    private sealed class Hash(AppPasswordHasher<TUser> hasher, TUser user, string userId, string storedHash) : IStoredPasswordHash
    {
        /// <summary>The least value: the time is not known, and the queue must not distinguish these accounts from others.</summary>
        public long EstimatedRounds => 1;

        public bool Matches(ReadOnlySpan<byte> password) => hasher.Matches(user, userId, storedHash, Encoding.UTF8.GetString(password));
    }
}
