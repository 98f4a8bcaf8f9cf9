namespace Countersign.AspNetCore.Mail;

/// <summary>Finds the accounts that mails are about, for code that does not know the app's user type.</summary>
internal interface IMailAccounts
{
    /// <summary>Finds the account with an id.</summary>
    /// <returns>Null if there is none, or it has no address.</returns>
    Task<MailAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Finds the account with an e-mail address, in any spelling of its domain. A user name is not an address.</summary>
    /// <returns>Null if there is none, or if several accounts share the address.</returns>
    Task<MailAccount?> FindByAddressAsync(string address, CancellationToken cancellationToken);
}
