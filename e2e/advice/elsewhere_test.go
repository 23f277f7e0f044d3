package advice

// elsewhere is the advice that tests of something larger do as well.
var elsewhere = []done{
	{folder: "e2e", text: "start the connection's workflow instead of scheduling the step by itself; if a run of it waits for this, give the Okta app back the profile that marks it as the connection's, then resume the run", by: "TestRollback_TheMarkWasTakenAway_WaitsForItAndResumes"},
	{folder: "internal/codec", text: "ask for at most 10000 at once", by: "TestServer_TooMuchAtOnce_IsRefused"},
	{folder: "internal/codec", text: "add it to codec_server.ui_origins if it is Temporal UI's", by: "TestServer_CORS_IsForTemporalUIAlone"},
	{folder: "internal/codec", text: "send it as Authorization: Bearer TOKEN, or open this server's own address in the browser and sign in", by: "TestServer_Decodes_WithTheTokenAlone"},
	{folder: "internal/codec", text: "send it as Authorization: Bearer TOKEN, or open this server's own address in the browser and sign in", by: "TestServer_ABrowserThatShowedTheToken_Decodes"},
	{folder: "internal/codec", text: "try again in 5 s", by: "TestServer_WrongTokens_AreSlowedDown"},
	{folder: "internal/temporal", text: "set TEMPORAL_TLS=true, or tls in the profile of Temporal's configuration file", by: "TestWarning_OnlyBeyondThisMachineWithoutTLS"},
	{folder: "internal/transport", text: "set it, or have it set by NTP", by: "TestClient_ClockIsWrong_SaysSoOnceAndInWhatItExplains"},
	{folder: "worker", text: "set the clock, or have it set by NTP", by: "TestClockWatch_ClockIsWrong_WarnsOnce"},
	{folder: "worker", text: "take http2debug out of it and start again", by: "TestWorker_WithHTTP2Debug_RefusesToStart"},
}
