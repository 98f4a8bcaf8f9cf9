using System.Globalization;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Limits;
using Countersign.Passwords;
using Countersign.Passwords.Rules;
using Countersign.Sessions;
using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore.Settings;

/// <summary>The options classes that fill the section <c>Auth</c>.</summary>
internal static class AuthSections
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<BoundSection> All { get; } =
    [
        BoundSection.From(SessionSections.Tokens),
        BoundSection.From(new SettingSection<CountersignOptions>(CountersignOptions.SectionName, static (options, _) => options.Check())),
        BoundSection.From(SessionSections.Keys),
        BoundSection.From(SessionSections.KeyRotation),
        BoundSection.From(SessionSections.Sessions),
        BoundSection.From(SessionSections.Refresh),
        BoundSection.From(SessionSections.Cleanup),
        BoundSection.From(new SettingSection<CountersignLockoutOptions>(CountersignLockoutOptions.SectionName, static (options, _) => options.Check())),
        BoundSection.From(new SettingSection<NetworkLimitOptions>(NetworkLimitOptions.SectionName, static (options, _) => options.Check())),
        BoundSection.From(new SettingSection<PasswordEngineOptions>(
            PasswordEngineOptions.SectionName, static (options, _) => InSection(PasswordEngineOptions.SectionName, options.Check()))),
        BoundSection.From(new SettingSection<PasswordRuleOptions>(
            PasswordRuleOptions.SectionName, static (options, _) => InSection(PasswordRuleOptions.SectionName, options.Check()))),
        BoundSection.From(new SettingSection<ClientOptions>(ClientOptions.SectionName, CheckClients)),
    ];

    private static IEnumerable<SettingFault> InSection(string section, OptionCheck check) =>
        check.Faults.Select(fault => new SettingFault($"{section}:{fault.Option}", fault.Problem, fault.Remedy));

    private static IReadOnlyList<SettingFault> CheckClients(ClientOptions options, SettingContext context) => ClientRules.Check(
        options.Clients.Select(static (client, index) =>
            KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{ClientOptions.SectionName}:{nameof(ClientOptions.Clients)}:{index}"), client)),
        context.Tokens?.ClientId);
}
