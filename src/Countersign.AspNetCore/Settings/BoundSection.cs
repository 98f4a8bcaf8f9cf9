using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Settings;

/// <summary>An options class that the configuration fills.</summary>
internal abstract class BoundSection(string name, Type type)
{
    /// <summary>The full name of its section: <c>Auth:Sessions</c>.</summary>
    public string Name => name;

    /// <summary>The options class.</summary>
    public Type Type => type;

    /// <summary>Makes the entry of an options class.</summary>
    public static BoundSection From<TOptions>(SettingSection<TOptions> section)
        where TOptions : class, new() => new Of<TOptions>(section);

    /// <summary>Binds the options and checks them at the host's start. A second call changes nothing: a list that is bound twice would have its members twice.</summary>
    public abstract void Register(IServiceCollection services);

    /// <summary>Reads the options from a configuration whose texts can be read, and finds all faults.</summary>
    public abstract IEnumerable<SettingFault> Check(IConfiguration configuration, SettingContext context);

    private sealed class Of<TOptions>(SettingSection<TOptions> section) : BoundSection(section.Name, typeof(TOptions))
        where TOptions : class, new()
    {
        public override void Register(IServiceCollection services)
        {
            if (services.Any(static service => service.ServiceType == typeof(Mark)))
            {
                return;
            }

            services.AddSingleton<Mark>();
            section.Register(services);
            services.AddOptions<TOptions>().BindConfiguration(Name).ValidateOnStart();
        }

        public override IEnumerable<SettingFault> Check(IConfiguration configuration, SettingContext context)
        {
            var options = new TOptions();
            configuration.GetSection(Name).Bind(options);
            return section.Check(options, context);
        }

        /// <summary>Stands in the services once the section is bound.</summary>
        private sealed class Mark;
    }
}
