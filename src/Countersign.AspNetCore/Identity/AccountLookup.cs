using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Finds accounts through the app's own <see cref="UserManager{TUser}"/>, and checks that the account is exactly the requested one.</summary>
internal static class AccountLookup
{
    /// <summary>Finds the account of a <c>sub</c>.</summary>
    /// <param name="manager">The app's manager.</param>
    /// <param name="userId">The <c>sub</c>.</param>
    /// <param name="isKey">
    /// Whether a text can be a key of the store. If it can, a conversion that fails is a fault of the account's row, and travels up. Null if that is not
    /// known.
    /// </param>
    /// <returns>
    /// Null if there is no such account, if the id can't be one of this store's keys, or if it is another spelling of one ("0x1" for user 1).
    /// </returns>
    public static async Task<TUser?> FindAccountAsync<TUser>(this UserManager<TUser> manager, string userId, Predicate<string>? isKey = null)
        where TUser : class
    {
        if (!AccountText.CanBeLookedUp(userId))
        {
            return null;
        }

        TUser? user;
        try
        {
            user = await manager.FindByIdAsync(userId).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsConversionFault(exception) && isKey?.Invoke(userId) is not true)
        {
            return null;
        }

        return user is not null && string.Equals(await manager.GetUserIdAsync(user).ConfigureAwait(false), userId, StringComparison.Ordinal) ? user : null;
    }

    /// <summary>Finds the account with a name: the one with this e-mail address, otherwise the one with this user name.</summary>
    /// <remarks>
    /// Both spellings of an internationalised domain are one address, see <see cref="EmailAddress.Spellings"/>. The account's names are compared again,
    /// because a database may compare more loosely than Identity's normaliser ("é" with "e").
    /// </remarks>
    public static async Task<TUser?> FindByLoginNameAsync<TUser>(this UserManager<TUser> manager, string name)
        where TUser : class
    {
        if (!AccountText.CanBeLookedUp(name))
        {
            return null;
        }

        // Every look-up is made, even after a match, so the time of an answer does not tell which names have an account.
        TUser? owner = null, user = null;
        foreach (var spelling in EmailAddress.Spellings(name))
        {
            var byEmail = manager.SupportsUserEmail ? await FindByEmailAsync(manager, spelling).ConfigureAwait(false) : null;
            var byName = await manager.FindByNameAsync(spelling).ConfigureAwait(false);
            owner ??= byEmail;
            if (byName is not null
                && Same(manager.NormalizeName(await manager.GetUserNameAsync(byName).ConfigureAwait(false)), manager.NormalizeName(spelling)))
            {
                user ??= byName;
            }
        }

        return owner ?? user;
    }

    /// <summary>Finds the account with an e-mail address, in any spelling of its domain. Every look-up is made, even after a match.</summary>
    public static async Task<TUser?> FindByAddressAsync<TUser>(this UserManager<TUser> manager, string address)
        where TUser : class
    {
        if (!manager.SupportsUserEmail || !AccountText.CanBeLookedUp(address))
        {
            return null;
        }

        TUser? owner = null;
        foreach (var spelling in EmailAddress.Spellings(address))
        {
            var found = await FindByEmailAsync(manager, spelling).ConfigureAwait(false);
            owner ??= found;
        }

        return owner;
    }

    /// <summary>The form in which <see cref="FindByLoginNameAsync"/> looks up a name. Two spellings of one name have one form.</summary>
    public static string LookupNameOf<TUser>(this UserManager<TUser> manager, string name)
        where TUser : class =>
        AccountText.CanBeLookedUp(name) ? manager.NormalizeEmail(EmailAddress.KeyOf(name)) ?? name : name;

    /// <summary>Whether a store's key converter throws this exception for text that is not a key.</summary>
    public static bool IsConversionFault(Exception exception) =>
        exception is FormatException or ArgumentException or OverflowException or NotSupportedException or InvalidCastException;

    private static async Task<TUser?> FindByEmailAsync<TUser>(UserManager<TUser> manager, string email)
        where TUser : class
    {
        try
        {
            return await manager.FindByEmailAsync(email).ConfigureAwait(false) is { } user
                && Same(manager.NormalizeEmail(await manager.GetEmailAsync(user).ConfigureAwait(false)), manager.NormalizeEmail(email)) ? user : null;
        }
        catch (InvalidOperationException)
        {
            // Identity's stores require a single row, so an address that two accounts share finds neither. A store with a real fault fails again at the next
            // query.
            return null;
        }
    }

    private static bool Same(string? one, string? other) => one is not null && string.Equals(one, other, StringComparison.Ordinal);
}
