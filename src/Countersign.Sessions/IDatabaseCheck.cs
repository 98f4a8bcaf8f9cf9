using Microsoft.Extensions.Hosting;

namespace Countersign.Sessions;

/// <summary>Marks a service that checks the database at the start.</summary>
internal interface IDatabaseCheck : IHostedService;
