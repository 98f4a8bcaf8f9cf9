using Countersign.AspNetCore;
using Countersign.Mail;
using Countersign.Sessions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sends the mails of accounts.</summary>
public static class CountersignMailBuilderExtensions
{
    /// <summary>
    /// Sends the mails of accounts by SMTP, with the settings <c>Auth:Mail</c>. Without <c>Auth:Mail:Host</c>, in Development or with a loopback issuer, they
    /// are written into a folder of the user, and their links into the log. Elsewhere nothing is sent then, and the routes that send mail are not mapped. An
    /// <see cref="IAccountMail"/> that the app has registered stays.
    /// </summary>
    /// <remarks>A setting or a template that is wrong stops the start.</remarks>
    /// <param name="builder">The result of <c>AddCountersign</c>.</param>
    /// <returns>The same builder.</returns>
    public static CountersignBuilder AddMail(this CountersignBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<AccountMailSender>();
        builder.Services.TryAddSingleton<IAccountMail>(static provider => provider.GetRequiredService<AccountMailSender>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CountersignMailOptions>, MailSettingsValidator>());
        return builder;
    }
}
