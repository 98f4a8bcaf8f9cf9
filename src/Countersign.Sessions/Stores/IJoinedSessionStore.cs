namespace Countersign.Sessions.Stores;

/// <summary>A store in the accounts' own database: each of its transactions is an <see cref="IJoinedSessionTransaction"/>.</summary>
internal interface IJoinedSessionStore : ISessionStore;
